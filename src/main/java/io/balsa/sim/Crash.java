package io.balsa.sim;

/**
 * The end of a process, as its disk sees it.
 *
 * @param sectorBytes the size of a sector, which a disk writes as a whole
 * @param marks counts the kinds of loss
 */
record Crash(Survival survival, int sectorBytes, SimDice dice, Coverage marks) {}
