"""What cells gave isn't kept when nobody can ask for it any more."""

import unittest

from kernel import kernel

# What the last collection left. What is in use a moment later has room in it that threads took in advance: as much as some arrays need.
USED = """
System.gc(); System.gc();
java.lang.management.ManagementFactory.getMemoryPoolMXBeans().stream().map(pool -> pool.getCollectionUsage()).filter(Objects::nonNull)
    .mapToLong(left -> left.getUsed()).sum() >> 20
"""
MIB = 8


class Memory(unittest.TestCase):
    def growth(self, running, cells):
        """How many MiB more are in use after these cells than after the first fifty."""
        first = 0
        for number, cell in enumerate(cells):
            running.ok(cell)
            if number == 49:
                first = int(running.ok(USED).value())
        return int(running.ok(USED).value()) - first

    def test_a_thousand_large_results_leave_nothing(self):
        with kernel() as running:
            grown = self.growth(running, [f"new long[{MIB} << 17]"] * 1000)
            print(f"\n    {1000 * MIB} MiB of results: {grown} MiB more in use", end="")
            self.assertLess(grown, 3 * MIB)

    def test_a_variable_that_is_declared_again_lets_go_of_what_it_was(self):
        with kernel() as running:
            grown = self.growth(running, [f"long[] kept = new long[{MIB} << 17];", f"var kept = new long[{MIB} << 17];"] * 100)
            print(f"\n    {200 * MIB} MiB in one variable: {grown} MiB more in use", end="")
            self.assertLess(grown, 3 * MIB)
