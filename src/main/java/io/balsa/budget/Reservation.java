package io.balsa.budget;

import java.util.function.Consumer;

/**
 * A take that waits for room.
 *
 * @param untilNanos when it is refused
 */
record Reservation(CallShare share, long bytes, Consumer<Boolean> done, long untilNanos) {}
