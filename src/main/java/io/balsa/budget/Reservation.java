package io.balsa.budget;

import java.util.function.Consumer;

/**
 * A request of a share for bytes, while it waits for room.
 *
 * @param untilNanos when it is refused, in monotonic time
 */
record Reservation(CallShare share, long bytes, Consumer<Boolean> done, long untilNanos) {}
