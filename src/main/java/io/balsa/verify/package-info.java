/**
 * Load and faults on real server processes, with a check of what the clients saw.
 *
 * <p>The one idea: clients record their requests and answers, and the checker decides. A run that
 * the checker cannot decide has not passed. The room uses {@code processes}, {@code client} and
 * {@code check}.
 *
 * <p>Start reading at {@code Verify}.
 */
@NullMarked
package io.balsa.verify;

import org.jspecify.annotations.NullMarked;
