package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void bfloat16IsReadFromTheFlags() {
    assertTrue(
        Processor.multipliesBfloat16(
            List.of("model name : x", "flags\t\t: fpu avx2 avx512f avx512_bf16 amx_tile")));
    assertTrue(Processor.multipliesBfloat16(List.of("Features\t: fp asimd i8mm bf16")));
    assertFalse(
        Processor.multipliesBfloat16(List.of("model name : bf16", "flags : fpu avx2 avx512f")));
    assertFalse(Processor.multipliesBfloat16(List.of()));
  }
}
