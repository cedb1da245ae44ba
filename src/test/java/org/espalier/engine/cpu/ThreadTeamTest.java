package org.espalier.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadTeamTest {

    @Test
    void everyNumberIsDoneOnceAndByTheSameThreadEachTime() {
        try (ThreadTeam team = new ThreadTeam(4)) {
            for (int tasks = 1; tasks <= 4; tasks++) {
                AtomicInteger[] done = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
                Set<String> threads = ConcurrentHashMap.newKeySet();
                for (int time = 0; time < 1000; time++) {
                    team.run(tasks, number -> {
                        done[number].incrementAndGet();
                        threads.add(number + Thread.currentThread().getName());
                    });
                }
                for (int number = 0; number < 4; number++) {
                    assertEquals(number < tasks ? 1000 : 0, done[number].get());
                }
                assertEquals(tasks, threads.size());
            }
        }
    }

    @Test
    void aFailureArrivesWhenAllAreThroughAndTheNextTaskWorks() {
        try (ThreadTeam team = new ThreadTeam(3)) {
            for (int failing = 0; failing < 3; failing++) {
                int one = failing;
                AtomicInteger through = new AtomicInteger();
                assertEquals("number " + one, assertThrows(IllegalStateException.class, () -> team.run(3, number -> {
                    if (number == one) {
                        throw new IllegalStateException("number " + number);
                    }
                    sleep();
                    through.incrementAndGet();
                })).getMessage());
                assertEquals(2, through.get());
            }
            team.run(3, number -> {
            });
        }
    }

    @Test
    void anInterruptWaitsUntilAllAreThroughAndIsNotLost() {
        try (ThreadTeam team = new ThreadTeam(2)) {
            AtomicInteger through = new AtomicInteger();
            Thread.currentThread().interrupt();
            team.run(2, number -> {
                if (number == 1) {
                    sleep();
                }
                through.incrementAndGet();
            });
            assertTrue(Thread.interrupted());
            assertEquals(2, through.get());
        }
    }

    @Test
    void itsThreadsEndWithIt() throws InterruptedException {
        Thread[] helper = new Thread[1];
        try (ThreadTeam team = new ThreadTeam(2)) {
            team.run(2, number -> {
                if (number == 1) {
                    helper[0] = Thread.currentThread();
                }
            });
        }
        helper[0].join(10_000);
        assertTrue(!helper[0].isAlive());
    }

    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
