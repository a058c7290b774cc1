/**
 * Log lines: their kinds, their form as text or JSON, and the files that take them.
 *
 * <p>The one idea: each kind of line is declared once, with a hint for the operator when it is a
 * warning. Nobody can fill a disk by log lines: what clients or peers can cause appears at most
 * once a minute, with the number of times that it happened.
 *
 * <p>Start reading at {@link io.balsa.logging.LogEvent}.
 */
@NullMarked
package io.balsa.logging;

import org.jspecify.annotations.NullMarked;
