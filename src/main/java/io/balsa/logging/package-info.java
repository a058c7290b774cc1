/**
 * Log lines that clients or peers can cause as often as they like.
 *
 * <p>The one idea: nobody can fill a disk by log lines. Each kind of line appears at most once a
 * minute, with the number of times that its event happened. Touches only the JDK.
 *
 * <p>Start reading at {@link io.balsa.logging.RareLine}.
 */
@NullMarked
package io.balsa.logging;

import org.jspecify.annotations.NullMarked;
