/**
 * The apply lane: it applies committed entries to the store in batches and answers the clients that
 * wrote.
 *
 * <p>The one idea: only this lane writes the store. After each batch it publishes {@code
 * AppliedFacts}, one immutable value. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code ApplyLane}.
 */
@NullMarked
package io.balsa.node.apply;

import org.jspecify.annotations.NullMarked;
