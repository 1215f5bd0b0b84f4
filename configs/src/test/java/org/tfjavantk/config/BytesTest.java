package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfjavantk.graphs.UserException;

class BytesTest {
  @ParameterizedTest
  @CsvSource({
    "2GiB, 2147483648",
    "512MiB, 536870912",
    "1.5GB, 1500000000",
    "1.5 GiB, 1610612736",
    "4096, 4096",
    "1B, 1",
    "10kB, 10000",
    "10 kib, 10240",
    "1TiB, 1099511627776",
    "2TB, 2000000000000",
    "0.3KiB, 307",
    "8388607TiB, 9223370937343148032"
  })
  void parses(String text, long expected) {
    assertEquals(expected, Bytes.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "GiB",
        "-1GiB",
        "2 gigabytes",
        "2Gib/s",
        "1e9",
        "0",
        "0.5B",
        "1,5GB",
        "2  GiB",
        "0x10",
        "NaN",
        "8388608TiB",
        "99999999999999999999"
      })
  void refuses(String text) {
    UserException e = assertThrows(UserException.class, () -> Bytes.parse(text));
    assertTrue(
        e.getMessage().startsWith("found \"" + text + "\"; allowed: a size in bytes"),
        e.getMessage());
  }

  @Test
  void guessesTheUnitOfABarePrefix() {
    UserException e = assertThrows(UserException.class, () -> Bytes.parse("2g"));
    assertTrue(e.getMessage().endsWith("; did you mean \"2GiB\"?"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0B",
    "1023, 1023B",
    "1024, 1KiB",
    "1536, 1.5KiB",
    "2147483648, 2GiB",
    "1500000000, 1.4GiB",
    "1099511627776, 1TiB",
    "9223372036854775807, 8388608TiB"
  })
  void formats(long bytes, String expected) {
    assertEquals(expected, Bytes.format(bytes));
  }
}
