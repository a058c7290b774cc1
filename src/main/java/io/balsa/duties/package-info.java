/**
 * What only the leader does by the clock: it ends leases, compacts the history and continues large
 * deletions.
 *
 * <p>The one idea: a duty is a state machine without a clock, a thread or an effect. Its caller
 * reports the time that has passed, the commands that were applied, and that leadership is proved.
 * The duty returns the commands to propose. A decision takes effect only by the log. There, a
 * command about a lease from an earlier term is refused.
 *
 * <p>The room uses {@code bytes} and the values of {@code model}. Start reading at {@link
 * io.balsa.duties.LeaseDuty}.
 */
@NullMarked
package io.balsa.duties;

import org.jspecify.annotations.NullMarked;
