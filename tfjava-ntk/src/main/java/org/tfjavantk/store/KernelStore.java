package org.tfjavantk.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.graphs.UserException;

/**
 * A kernel matrix on disk: a directory that is a Zarr v3 array, one chunk per tile. A chunk appears
 * whole, by an atomic rename, or not at all, and carries its CRC-32C; a process that is killed
 * loses at most the tile that it was writing. Tiles at the edge are padded with NaN to the full
 * chunk, as Zarr demands.
 *
 * <p>Different tiles may be written by different threads. The matrix may have more than 2^31
 * values.
 */
public final class KernelStore implements TileSink {
  private static final Logger LOG = LoggerFactory.getLogger(KernelStore.class);

  /** What is on disk of one tile. */
  public enum ChunkState {
    MISSING,
    GOOD,
    /** The file has another length than it should, or another checksum. */
    CORRUPT
  }

  /** Which of the needed tiles are in which state. */
  public record Verification(List<Tile> good, List<Tile> missing, List<Tile> corrupt) {
    /** Whether every tile is there and its checksum holds. */
    public boolean complete() {
      return missing.isEmpty() && corrupt.isEmpty();
    }
  }

  private final Path directory;
  private final ZarrMetadata metadata;
  private final KernelLayout layout;

  private KernelStore(Path directory, ZarrMetadata metadata) {
    this.directory = directory;
    this.metadata = metadata;
    this.layout = metadata.layout();
  }

  /**
   * Makes an empty store.
   *
   * @param attributes what the matrix is, as JSON values; the layout is added under {@code kernel}
   * @throws UserException when the directory has files in it already or can't be written
   */
  public static KernelStore create(Path directory, KernelLayout layout, Map<String, ?> attributes) {
    ZarrMetadata metadata = ZarrMetadata.of(layout, attributes);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UserException(directory + " cannot be made: " + e, e);
    }
    requireEmpty(directory);
    ChunkFile.clean(directory);
    return describe(directory, metadata);
  }

  private static KernelStore describe(Path directory, ZarrMetadata metadata) {
    byte[] json = metadata.toJson().getBytes(StandardCharsets.UTF_8);
    ByteBuffer content = ByteBuffer.allocate(json.length).put(json);
    ChunkFile.write(directory, directory.resolve(ZarrMetadata.FILE), content);
    return new KernelStore(directory, metadata);
  }

  /**
   * Writes what was seen of the values as the attribute {@code measured}, in place of what was
   * there. It is no part of what the matrix is: {@link #open(Path, KernelLayout, Map)} does not
   * compare it.
   *
   * @param values JSON values
   */
  public KernelStore withMeasured(Map<String, ?> values) {
    return describe(directory, metadata.withMeasured(values));
  }

  private static void requireEmpty(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (!ChunkFile.isTemporary(file)) {
          throw new UserException(
              "%s is not empty (it holds %s): delete it or choose another folder"
                  .formatted(directory, file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UserException(directory + " cannot be listed: " + e, e);
    }
  }

  /**
   * Opens a store to read or to go on writing; changes nothing on disk.
   *
   * @throws UserException when there is none, or one that this program doesn't understand
   */
  public static KernelStore open(Path directory) {
    return new KernelStore(directory, ZarrMetadata.read(directory));
  }

  /**
   * Opens the store to go on writing, or makes it where there is none. Temporary files that a
   * killed process left are deleted.
   *
   * @throws UserException when the store there has another layout or other attributes; the message
   *     lists the differences
   */
  public static KernelStore openOrCreate(
      Path directory, KernelLayout layout, Map<String, ?> attributes) {
    if (!Files.exists(directory.resolve(ZarrMetadata.FILE))) {
      return create(directory, layout, attributes);
    }
    KernelStore store = open(directory, layout, attributes);
    ChunkFile.clean(directory);
    return store;
  }

  /**
   * Opens a store that must be as described; changes nothing on disk, so other processes may be
   * writing to it.
   *
   * @throws UserException when there is none, or it has another layout or other attributes; the
   *     message lists the differences
   */
  public static KernelStore open(Path directory, KernelLayout layout, Map<String, ?> attributes) {
    KernelStore store = open(directory);
    List<String> differences = store.metadata.differencesFrom(ZarrMetadata.of(layout, attributes));
    if (!differences.isEmpty()) {
      throw new UserException(
          "%s holds another kernel than the one to compute:%n  %s%nDelete it, choose another folder, or ask for what is there."
              .formatted(directory, String.join(System.lineSeparator() + "  ", differences)));
    }
    return store;
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  /** Its shape. */
  @Override
  public KernelLayout layout() {
    return layout;
  }

  /** What the writer said of it: JSON values, numbers as Long or Double. */
  public Map<String, Object> attributes() {
    return metadata.attributeMap();
  }

  /** Reads one chunk and checks its length and its checksum. */
  public ChunkState check(int i, int j) {
    return ChunkFile.read(chunkPath(i, j)).map(this::state).orElse(ChunkState.MISSING);
  }

  private ChunkState state(ByteBuffer content) {
    boolean good = content.capacity() == layout.chunkBytes() && ChunkFile.checksumHolds(content);
    return good ? ChunkState.GOOD : ChunkState.CORRUPT;
  }

  /** Reads every needed chunk and checks it. */
  public Verification verify() {
    Verification found = new Verification(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Tile tile : layout.neededTiles()) {
      switch (check(tile.row(), tile.column())) {
        case GOOD -> found.good().add(tile);
        case MISSING -> found.missing().add(tile);
        case CORRUPT -> found.corrupt().add(tile);
      }
    }
    return found;
  }

  /** The needed tiles of which there is no file, row by row. Reads none. */
  public List<Tile> absent() {
    return layout.neededTiles().stream()
        .filter(tile -> Files.notExists(chunkPath(tile.row(), tile.column())))
        .toList();
  }

  /** The tiles still to compute, row by row: missing or corrupt. Corrupt ones are logged. */
  @Override
  public List<Tile> unfinished() {
    Verification found = verify();
    for (Tile tile : found.corrupt()) {
      LOG.warn(
          "{}: {} fails its checksum and is computed again ({})",
          directory,
          tile,
          chunkPath(tile.row(), tile.column()));
    }
    Set<Tile> good = new HashSet<>(found.good());
    return layout.neededTiles().stream().filter(tile -> !good.contains(tile)).toList();
  }

  /**
   * Writes a tile, rounding each value once to the storage type. In a tile on the diagonal of a
   * symmetric matrix, values below the diagonal are replaced by their mirror images above it.
   *
   * @param values {@code rowsOfTile(i) * columnsOfTile(j)} values, row-major
   * @throws ArithmeticException when a value is NaN or infinite; the message names the tile
   * @throws UserException when a value is too large for the storage type
   */
  @Override
  public void write(int i, int j, double[] values) {
    requireSize(i, j, values.length);
    int columns = layout.columnsOfTile(j);
    write(i, j, (row, target) -> System.arraycopy(values, row * columns, target, 0, columns));
  }

  /** As {@link #write(int, int, double[])}. */
  @Override
  public void write(int i, int j, float[] values) {
    requireSize(i, j, values.length);
    int columns = layout.columnsOfTile(j);
    write(
        i,
        j,
        (row, target) -> {
          for (int c = 0; c < columns; c++) {
            target[c] = values[row * columns + c];
          }
        });
  }

  private void requireSize(int i, int j, int length) {
    requireNeeded(i, j);
    if (length != layout.rowsOfTile(i) * layout.columnsOfTile(j)) {
      throw new IllegalArgumentException(
          "%s takes %d x %d values, not %d"
              .formatted(new Tile(i, j), layout.rowsOfTile(i), layout.columnsOfTile(j), length));
    }
  }

  private void requireNeeded(int i, int j) {
    if (!layout.needed(i, j)) {
      throw new IllegalArgumentException(new Tile(i, j) + " is not stored by " + layout);
    }
  }

  private void write(int i, int j, TileEncoder.RowSource rows) {
    writeChunk(i, j, rows, ByteBuffer.allocate(layout.chunkBytes()));
  }

  /**
   * Reads a stored tile.
   *
   * @return {@code rowsOfTile(i) * columnsOfTile(j)} values, row-major
   * @throws UserException when the tile is missing or corrupt
   */
  public double[] readTile(int i, int j) {
    requireNeeded(i, j);
    ByteBuffer chunk = goodChunk(i, j);
    int rows = layout.rowsOfTile(i);
    int columns = layout.columnsOfTile(j);
    double[] values = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      layout.storage().decode(chunk, r * layout.chunkSide(), 1, values, r * columns, columns);
    }
    return values;
  }

  /**
   * Reads whole rows, in order; those of a symmetric matrix are completed by mirroring. One row of
   * tiles is held in memory.
   *
   * @throws UserException when a tile is missing or corrupt
   */
  public void readRows(int firstExample, int examples, RowConsumer consumer) {
    if (firstExample < 0 || examples < 0 || firstExample > layout.rowExamples() - examples) {
      throw new IndexOutOfBoundsException(
          "examples %d .. %d of %d"
              .formatted(firstExample, firstExample + examples - 1, layout.rowExamples()));
    }
    int end = firstExample + examples;
    double[] row = new double[Math.toIntExact(layout.columns())];
    for (int i = firstExample / layout.tileExamples();
        i < layout.rowTiles() && layout.firstExample(i) < end;
        i++) {
      ByteBuffer[] chunks = chunksOfRow(i);
      int from = Math.max(firstExample, layout.firstExample(i));
      int to = Math.min(end, layout.firstExample(i) + layout.rowExamplesOfTile(i));
      for (long r = (long) from * layout.outputs(); r < (long) to * layout.outputs(); r++) {
        fillRow(i, (int) (r - (long) layout.firstExample(i) * layout.outputs()), chunks, row);
        consumer.accept(r, row);
      }
    }
  }

  /** Reads all rows. */
  public void readRows(RowConsumer consumer) {
    readRows(0, layout.rowExamples(), consumer);
  }

  private ByteBuffer[] chunksOfRow(int i) {
    ByteBuffer[] chunks = new ByteBuffer[layout.columnTiles()];
    for (int j = 0; j < chunks.length; j++) {
      boolean mirrored = layout.symmetric() && i > j;
      chunks[j] = mirrored ? goodChunk(j, i) : goodChunk(i, j);
    }
    return chunks;
  }

  /** Row {@code r} of the tiles in row {@code i}; a mirrored chunk is read down its column r. */
  private void fillRow(int i, int r, ByteBuffer[] chunks, double[] row) {
    int side = layout.chunkSide();
    for (int j = 0; j < chunks.length; j++) {
      boolean mirrored = layout.symmetric() && i > j;
      int first = mirrored ? r : r * side;
      int stride = mirrored ? side : 1;
      layout.storage().decode(chunks[j], first, stride, row, j * side, layout.columnsOfTile(j));
    }
  }

  private ByteBuffer goodChunk(int i, int j) {
    Optional<ByteBuffer> content = ChunkFile.read(chunkPath(i, j));
    requireGood(i, j, content.map(this::state).orElse(ChunkState.MISSING));
    return content.orElseThrow();
  }

  private void requireGood(int i, int j, ChunkState state) {
    if (state != ChunkState.GOOD) {
      throw new UserException(
          "%s: %s is %s (%s); run the step that computes this kernel again to complete it"
              .formatted(
                  directory,
                  new Tile(i, j),
                  state == ChunkState.MISSING ? "missing" : "corrupt",
                  chunkPath(i, j)));
    }
  }

  /** Fills a buffer of the size of a chunk with a needed one. */
  void readChunk(int i, int j, ByteBuffer into) {
    requireNeeded(i, j);
    boolean whole = ChunkFile.read(chunkPath(i, j), into);
    requireGood(i, j, whole && ChunkFile.checksumHolds(into) ? ChunkState.GOOD : check(i, j));
  }

  /** Writes a needed chunk by way of a buffer of its size. */
  void writeChunk(int i, int j, TileEncoder.RowSource rows, ByteBuffer buffer) {
    requireNeeded(i, j);
    ByteBuffer content = new TileEncoder(layout, new Tile(i, j), directory).encode(rows, buffer);
    ChunkFile.appendChecksum(content);
    ChunkFile.write(directory, chunkPath(i, j), content);
  }

  /**
   * A hash of the content: SHA-256 over the layout and the checksums of all chunks in order. Equal
   * matrices in equal layouts have equal hashes. The chunks themselves are not read in full: see
   * {@link #verify}.
   *
   * @throws UserException when a chunk is missing or of another length
   */
  public String contentHash() {
    return ContentHash.of(layout, this::chunkPath);
  }

  /** Bytes of the files of the store. */
  public long bytesOnDisk() {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be listed", e);
    }
  }

  /** The file of a chunk, by Zarr's default key encoding {@code c/i/j}. */
  Path chunkPath(int i, int j) {
    return directory.resolve("c").resolve(Integer.toString(i)).resolve(Integer.toString(j));
  }
}
