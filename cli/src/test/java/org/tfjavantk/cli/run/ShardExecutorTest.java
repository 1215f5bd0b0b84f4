package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.graphs.UserException;

class ShardExecutorTest {
  @TempDir private Path folder;

  @Test
  void theSharesCoverAllAndAreEven() {
    for (int total = 0; total <= 50; total++) {
      for (int count = 1; count <= 9; count++) {
        int next = 0;
        for (int index = 1; index <= count; index++) {
          Shard shard = Shard.parse(index + "/" + count);
          assertEquals(next, shard.from(total));
          next = shard.to(total);
          int size = next - shard.from(total);
          assertTrue(size == total / count || size == (total + count - 1) / count);
        }
        assertEquals(total, next);
      }
    }
  }

  @Test
  void aRunIsRefusedWhileAShardWorks() throws IOException {
    RunDirectory directory = RunDirectory.at(folder);
    String done =
        directory.whenFree(
            true,
            () -> fail("there is nobody to wait for"),
            () -> {
              UserException e =
                  assertThrows(UserException.class, () -> directory.whileLocked(() -> "worked"));
              assertTrue(e.getMessage().contains("another run is working"), e.getMessage());
              return "shared";
            });
    assertEquals("shared", done);
    assertEquals("worked", directory.whileLocked(() -> "worked"));
  }

  @Test
  void aShardWaitsForTheOneThatIsAlone() throws Exception {
    RunDirectory directory = RunDirectory.at(folder);
    CountDownLatch waits = new CountDownLatch(1);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Boolean> shard = new CompletableFuture<>();
    directory.whileLocked(
        () -> {
          new Thread(
                  () -> {
                    try {
                      shard.complete(directory.whenFree(true, waits::countDown, over::get));
                    } catch (IOException | RuntimeException | Error e) {
                      shard.completeExceptionally(e);
                    }
                  })
              .start();
          try {
            waits.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          over.set(true);
          return null;
        });
    assertTrue(shard.get(), "it worked after the other");
  }
}
