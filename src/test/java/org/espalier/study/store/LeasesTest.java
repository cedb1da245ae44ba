package org.espalier.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path folder;

    @Test
    void oneOfManyGetsIt() {
        List<Leases> rivals = IntStream.range(0, 8).mapToObj(i -> Leases.in(folder)).toList();
        for (int round = 0; round < 50; round++) {
            String id = "job" + round;
            assertEquals(1, rivals.parallelStream().map(claims -> claims.take(id)).filter(Optional::isPresent).count());
        }
        rivals.forEach(Leases::close);
    }

    @Test
    void whatIsReleasedCanBeTakenAgain() throws IOException {
        try (Leases one = Leases.in(folder); Leases other = Leases.in(folder)) {
            try (Leases.Lease claim = one.take("job").orElseThrow()) {
                assertTrue(other.take("job").isEmpty());
            }
            other.take("job").orElseThrow().close();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void whoLivesKeepsItForLongerThanALease() throws InterruptedException {
        try (Leases one = Leases.in(folder, SHORT); Leases other = Leases.in(folder, SHORT)) {
            one.take("job").orElseThrow();
            for (int i = 0; i < 10; i++) {
                Thread.sleep(100);
                assertTrue(other.take("job").isEmpty());
            }
        }
    }

    @Test
    void whoIsSilentForALeaseLosesItToExactlyOne() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("job.1"), new LeaseOwner("far", "00000000", 1, 1).text());
        List<Leases> rivals = IntStream.range(0, 8).mapToObj(i -> Leases.in(folder, SHORT)).toList();
        assertTrue(rivals.stream().noneMatch(claims -> claims.take("job").isPresent()));
        Thread.sleep(400);
        assertEquals(1, rivals.parallelStream().map(claims -> claims.take("job")).filter(Optional::isPresent).count());
        rivals.forEach(Leases::close);
    }

    @Test
    void whoWasTakenForDeadDoesNotReleaseItsSuccessor() throws IOException {
        try (Leases one = Leases.in(folder); Leases other = Leases.in(folder)) {
            Leases.Lease slow = one.take("job").orElseThrow();
            Files.writeString(folder.resolve("job.2"), LeaseOwner.thisProcess().text());
            slow.close();
            assertTrue(other.take("job").isEmpty());
        }
    }

    @Test
    void aProcessThatIsGoneLosesItAtOnce() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        LeaseOwner self = LeaseOwner.thisProcess();
        Files.writeString(folder.resolve("job.1"), new LeaseOwner(self.host(), self.machine(), process.pid(), 1).text());
        try (Leases claims = Leases.in(folder)) {
            claims.take("job").orElseThrow().close();
            Files.writeString(folder.resolve("job.1"), self.text());
            assertFalse(claims.take("job").isPresent(), "this process is alive");
        }
    }
}
