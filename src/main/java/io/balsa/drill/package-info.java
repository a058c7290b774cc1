/**
 * Scripted failures and attacks on real servers under load, with a report.
 *
 * <p>The one idea: this room sees the servers from outside, as an operator and a client do: their
 * processes, answers and metrics. {@code check} decides whether the answers are linearizable.
 *
 * <p>Start reading at {@link io.balsa.drill.Drill} and {@link io.balsa.drill.DrillScript}; the
 * attacks begin at {@link io.balsa.drill.AbuseDrill}.
 */
@NullMarked
package io.balsa.drill;

import org.jspecify.annotations.NullMarked;
