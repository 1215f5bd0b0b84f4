package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.data.TestFiles.assertUserError;
import static org.tfjavantk.data.TestFiles.write;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server on the loopback interface. */
class DataFilesTest {
  private static final DataFiles.Progress SILENT = (file, done, total) -> {};

  @TempDir Path dir;
  private HttpServer server;
  private String mirror;
  private final Map<String, byte[]> served = new HashMap<>();
  private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
  private boolean understandsRanges = true;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    mirror = "http://" + server.getAddress().getAddress().getHostAddress();
    mirror += ":" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] content = served.get(exchange.getRequestURI().getPath().substring(1));
      String range = exchange.getRequestHeaders().getFirst("Range");
      ranges.add(String.valueOf(range));
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (range == null || !understandsRanges) {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
      } else {
        int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= content.length) {
          exchange.sendResponseHeaders(416, -1);
          return;
        }
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/*");
        exchange.sendResponseHeaders(206, content.length - from);
        exchange.getResponseBody().write(content, from, content.length - from);
      }
    }
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) (i * 31 + i / 256);
    }
    return content;
  }

  private KnownFile serve(String name, byte[] content) {
    served.put(name, content);
    return KnownFile.content(name, FileContent.checksum("SHA-256", content));
  }

  private void fetch(KnownFile... files) {
    DataFiles.fetch(List.of(files), null, dir, List.of(mirror), SILENT);
  }

  @Test
  void downloadsWithProgressAndLeavesOnlyTheFile() throws IOException {
    byte[] content = content(300_000);
    KnownFile file = serve("a.bin", content);
    List<Long> done = new ArrayList<>();
    DataFiles.fetch(
        List.of(file),
        null,
        dir.resolve("new/folder"),
        List.of(mirror + "/"),
        (name, now, total) -> {
          assertEquals("a.bin", name);
          assertEquals(300_000, total);
          done.add(now);
        });
    Path folder = dir.resolve("new/folder");
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("a.bin")));
    assertFalse(Files.exists(folder.resolve("a.bin.part")));
    assertEquals(300_000, done.get(done.size() - 1));
    assertEquals(done.stream().sorted().toList(), done);
  }

  @Test
  void resumesAnInterruptedDownload() throws IOException {
    byte[] content = content(100_000);
    KnownFile file = serve("a.bin", content);
    write(dir.resolve("a.bin.part"), Arrays.copyOf(content, 60_000));
    fetch(file);
    assertEquals(List.of("bytes=60000-"), ranges);
    assertArrayEquals(content, Files.readAllBytes(dir.resolve("a.bin")));
  }

  @Test
  void startsAgainWhereTheServerDoesNotResume() throws IOException {
    byte[] content = content(10_000);
    KnownFile file = serve("a.bin", content);
    understandsRanges = false;
    write(dir.resolve("a.bin.part"), new byte[6000]);
    fetch(file);
    assertArrayEquals(content, Files.readAllBytes(dir.resolve("a.bin")));
  }

  @Test
  void startsAgainWhereThePartIsTooLong() throws IOException {
    byte[] content = content(1000);
    KnownFile file = serve("a.bin", content);
    write(dir.resolve("a.bin.part"), new byte[2000]);
    fetch(file);
    assertEquals(List.of("bytes=2000-", "null"), ranges);
    assertArrayEquals(content, Files.readAllBytes(dir.resolve("a.bin")));
  }

  @Test
  void wrongChecksumLeavesNothingBehind() throws IOException {
    serve("a.bin", content(1000));
    KnownFile other = KnownFile.content("a.bin", "00ff");
    assertUserError(() -> fetch(other), "a.bin", "expected sha256 of the content 00ff", "found");
    try (var files = Files.list(dir)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void missingOnTheServer() {
    assertUserError(
        () -> fetch(KnownFile.content("none.bin", "00")),
        "none.bin could not be downloaded",
        mirror + "/none.bin: the server answers with status 404",
        "copy the file to " + dir.resolve("none.bin"));
  }

  @Test
  void noServerAndThenAMirror() throws IOException {
    byte[] content = content(500);
    KnownFile file = serve("a.bin", content);
    String dead;
    try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      dead = "http://127.0.0.1:" + free.getLocalPort();
    }
    assertUserError(
        () -> DataFiles.fetch(List.of(file), null, dir, List.of(dead), SILENT),
        dead + "/a.bin",
        "Is there a network?");
    DataFiles.fetch(List.of(file), null, dir, List.of(dead, mirror), SILENT);
    assertArrayEquals(content, Files.readAllBytes(dir.resolve("a.bin")));
  }

  @Test
  void neverOverwritesAFileThatIsThere() throws IOException {
    Path path = write(dir.resolve("train-images-idx3-ubyte"), new byte[] {1, 2, 3});
    assertUserError(
        () -> DataFiles.fetch(KnownSet.MNIST, dir, List.of(mirror), SILENT),
        "wrong checksum",
        "delete it and fetch again");
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(path));
    assertTrue(ranges.isEmpty());
  }

  @Test
  void aSetNamesItsMissingFile() {
    assertUserError(
        () -> DataFiles.fetch(KnownSet.SVHN, dir, List.of(mirror), SILENT), "train_32x32.mat");
    assertEquals("svhn", DataFiles.defaultDir(KnownSet.SVHN).getFileName().toString());
  }

  private static void tarEntry(ByteArrayOutputStream tar, String name, byte[] content) {
    byte[] header = new byte[512];
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, header, 0, ascii.length);
    byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, header, 124, size.length);
    tar.writeBytes(header);
    tar.writeBytes(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
  }

  private byte[] archive(byte[] one, byte[] two) {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tarEntry(tar, "folder/", new byte[0]);
    tarEntry(tar, "folder/readme.html", content(700));
    tarEntry(tar, "folder/one.bin", one);
    tarEntry(tar, "folder/two.bin", two);
    tar.writeBytes(new byte[1024]);
    return TestFiles.gz(tar.toByteArray());
  }

  @Test
  void unpacksAnArchive() throws IOException {
    byte[] one = content(1300);
    byte[] two = content(512);
    byte[] packed = archive(one, two);
    served.put("all.tar.gz", packed);
    KnownFile archive = KnownFile.md5("all.tar.gz", FileContent.checksum("MD5", md5File(packed)));
    List<KnownFile> wanted =
        List.of(
            KnownFile.content("two.bin", FileContent.checksum("SHA-256", two)),
            KnownFile.content("one.bin", FileContent.checksum("SHA-256", one)));
    Path folder = dir.resolve("out");
    DataFiles.fetch(wanted, archive, folder, List.of(mirror), SILENT);
    assertArrayEquals(one, Files.readAllBytes(folder.resolve("one.bin")));
    assertArrayEquals(two, Files.readAllBytes(folder.resolve("two.bin")));
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  private Path md5File(byte[] content) {
    return write(dir.resolve("copy"), content);
  }

  @Test
  void damagedArchives() {
    byte[] whole = archive(content(1300), content(9));
    Path path = write(dir.resolve("x.tar.gz"), Arrays.copyOf(whole, whole.length / 3));
    List<KnownFile> two = List.of(KnownFile.content("two.bin", "00"));
    assertUserError(() -> TarGz.extract(path, two, dir), "x.tar.gz", "cannot be unpacked");
    write(path, whole);
    assertUserError(() -> TarGz.extract(path, two, dir), "wrong checksum");
    assertUserError(
        () -> TarGz.extract(path, List.of(KnownFile.content("three.bin", "00")), dir),
        "lacks three.bin");
    assertFalse(Files.exists(dir.resolve("two.bin.part")));
  }
}
