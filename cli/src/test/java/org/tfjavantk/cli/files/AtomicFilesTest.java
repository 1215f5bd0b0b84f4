package org.tfjavantk.cli.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir private Path folder;

  @Test
  void aFullDiskKeepsTheOldFileAndNoHalfOfTheNewOne() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "Linux's device that is always full");
    Path file = folder.resolve("notes.txt");
    AtomicFiles.write(file, "old");
    Path unfinished = Files.createSymbolicLink(folder.resolve("notes.txt.part"), full);
    assertThrows(IOException.class, () -> AtomicFiles.write(file, "new"));
    assertEquals("old", Files.readString(file));
    assertFalse(Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS));
    AtomicFiles.write(file, "new");
    assertEquals("new", Files.readString(file));
  }
}
