/**
 * The apply lane: committed entries become the state, one batch of the store at a time, and writers
 * get their answers.
 *
 * <p>The one idea: only this lane writes the store. What it publishes are {@code AppliedFacts}, one
 * immutable value after each batch. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code ApplyLane}.
 */
@NullMarked
package io.balsa.node.apply;

import org.jspecify.annotations.NullMarked;
