package org.tfjavantk.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.graphs.UserException;

/** Downloads files over HTTP, resuming where an earlier attempt stopped. */
final class Downloader {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BUFFER = 1 << 16;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final List<String> mirrors;
  private final DataFiles.Progress progress;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  Downloader(List<String> mirrors, DataFiles.Progress progress) {
    this.mirrors = mirrors;
    this.progress = progress;
  }

  /**
   * Downloads to {@code <target>.part}, checks it, and renames it.
   *
   * @throws UserException if every mirror fails
   */
  void download(KnownFile file, Path target) {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    List<String> failures = new ArrayList<>();
    for (String mirror : mirrors) {
      URI uri = URI.create(mirror + (mirror.endsWith("/") ? "" : "/") + file.name());
      try {
        transfer(uri, file.name(), part);
      } catch (IOException e) {
        failures.add(uri + ": " + reason(e));
        continue;
      }
      String wrong = check(file, part);
      if (wrong.isEmpty()) {
        rename(part, target);
        return;
      }
      failures.add(uri + ": " + wrong);
    }
    throw new UserException(
        "%s could not be downloaded: %s. Is there a network? Run the command again to resume, or copy the file to %s yourself"
            .formatted(file.name(), String.join("; ", failures), target));
  }

  private void transfer(URI uri, String name, Path part) throws IOException {
    long there = Files.exists(part) ? Files.size(part) : 0;
    HttpResponse<InputStream> response = get(uri, there);
    if (response.statusCode() == RANGE_NOT_SATISFIABLE || !continues(response, there)) {
      // What is there isn't the start of this file, or is all of it and was found wrong.
      response.body().close();
      there = 0;
      response = get(uri, 0);
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() != OK && response.statusCode() != PARTIAL) {
        throw new IOException("the server answers with status " + response.statusCode());
      }
      long done = response.statusCode() == PARTIAL ? there : 0;
      long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      long total = length < 0 ? -1 : done + length;
      try (OutputStream out =
          Files.newOutputStream(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              done > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
        byte[] buffer = new byte[BUFFER];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
          out.write(buffer, 0, n);
          done += n;
          progress.update(name, done, total);
        }
      }
      if (total >= 0 && done < total) {
        throw new IOException("the connection ended after " + done + " of " + total + " bytes");
      }
    }
  }

  private static boolean continues(HttpResponse<?> response, long there) {
    String range = response.headers().firstValue("Content-Range").orElse("");
    return response.statusCode() != PARTIAL || range.startsWith("bytes " + there + "-");
  }

  private HttpResponse<InputStream> get(URI uri, long from) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What is wrong with the download, or nothing; a wrong one is deleted. */
  private static String check(KnownFile file, Path part) {
    String wrong = "";
    try {
      FileVerdict verdict = FileVerdict.of(file, part, null);
      if (verdict.status() == FileVerdict.Status.WRONG) {
        wrong = verdict.message();
      }
    } catch (UserException e) {
      wrong = e.getMessage();
    }
    if (!wrong.isEmpty()) {
      try {
        Files.delete(part);
      } catch (IOException e) {
        throw new UserException(part + ": cannot be deleted: " + e, e);
      }
    }
    return wrong;
  }

  static void rename(Path part, Path target) {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UserException(target + ": cannot be written: " + e, e);
    }
  }

  /** Exceptions of the HTTP client often have no message of their own. */
  private static String reason(IOException e) {
    Throwable cause = e;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String kind = cause.getClass().getSimpleName();
    if (cause.getMessage() == null) {
      return kind;
    }
    return cause.getClass() == IOException.class
        ? cause.getMessage()
        : kind + ": " + cause.getMessage();
  }
}
