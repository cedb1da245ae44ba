package org.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DataTitleTest {
    @Test
    void aDataSetIsCalledByItsNameAndWhatWasTakenOfIt() {
        assertEquals("CIFAR-10 (JPEG q75), 2,000 training images a class", DataTitle.of("folder:444b391bed2f964a/take=2000"));
        assertEquals("CIFAR-10 (JPEG q75), 500 training and 1,000 test images a class", DataTitle.of("folder:444b391bed2f964a/take=500,1000"));
        assertEquals("CIFAR-10 (JPEG q75)", DataTitle.source("folder:444b391bed2f964a/take=2000"));
        assertEquals("Fashion-MNIST, 2,000 images", DataTitle.of("fashion-mnist-sample"));
        assertEquals("CIFAR-10, validation=0.1@7", DataTitle.of("cifar10/validation=0.1@7"));
    }

    @Test
    void whatIsNotKnownKeepsItsCanonicalName() {
        assertEquals("folder:0123456789abcdef", DataTitle.of("folder:0123456789abcdef"));
    }
}
