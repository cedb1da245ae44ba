package org.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
    private static String said(String... lines) {
        return Processor.parse(List.of(lines)).toString();
    }

    @Test
    void theModelAndItsWidestInstructionsAreNamed() {
        assertEquals("AMD EPYC (AVX2)", said("processor\t: 0", "model name\t: AMD EPYC", "flags\t\t: fpu sse4_2 avx avx2 bmi2"));
        assertEquals("Intel Xeon (AVX-512)", said("model name : Intel   Xeon", "flags : avx avx2 avx512f avx512bw"));
    }

    @Test
    void theFirstOfSeveralCounts() {
        assertEquals("A (AVX)", said("model name : A", "flags : avx", "", "model name : B", "flags : avx2"));
    }

    @Test
    void whatIsNotSaidIsUnknown() {
        assertEquals("unknown (NEON)", said("processor : 0", "Features : fp asimd"));
        assertEquals("unknown", said());
        assertFalse(Processor.here().toString().isBlank());
    }
}
