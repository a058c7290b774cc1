/**
 * Tables and pages in which the instruments print what they found.
 *
 * <p>The one idea: instruments measure; this room only lays out. Touches nothing of ours.
 *
 * <p>Start reading at {@code TextTable}.
 */
@NullMarked
package io.balsa.report;

import org.jspecify.annotations.NullMarked;
