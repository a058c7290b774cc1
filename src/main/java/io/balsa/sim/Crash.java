package io.balsa.sim;

/**
 * How a process ended, as its disk sees it.
 *
 * @param sectorBytes what a disk writes as a whole
 * @param marks where it is noted what was lost
 */
record Crash(Survival survival, int sectorBytes, SimDice dice, Coverage marks) {}
