/**
 * Judging what clients saw: histories of operations on keys, and whether one sequential order
 * explains them.
 *
 * <p>The one idea: a history knows nothing of the system that made it. Each operation is an
 * interval with a request and an answer; {@link io.balsa.check.LinearizabilityChecker} looks for an
 * order that respects the intervals and that a {@link io.balsa.check.Model} allows, and says {@code
 * UNKNOWN} rather than guess. Touches {@code bytes} only.
 *
 * <p>Start reading at {@link io.balsa.check.Operation}, then {@link
 * io.balsa.check.LinearizabilityChecker}.
 */
@NullMarked
package io.balsa.check;

import org.jspecify.annotations.NullMarked;
