/**
 * What only the leader does by the clock: ending leases whose time has passed.
 *
 * <p>The one idea: a duty is a value machine. It is told how much time has passed, what was applied
 * and that leadership is proved, and says what to propose; it has no clock, no thread and no effect
 * of its own, and what it decides becomes true only by the log, where a command that was decided in
 * an earlier term is refused.
 *
 * <p>Touches {@code bytes} and the values of {@code kv}. Start reading at {@link
 * io.balsa.duties.LeaseDuty}.
 */
@NullMarked
package io.balsa.duties;

import org.jspecify.annotations.NullMarked;
