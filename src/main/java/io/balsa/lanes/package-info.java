/**
 * What the parts of a node hand to each other: an inbox, the outcome of a request, room for an
 * answer, counters.
 *
 * <p>The one idea: a lane is a queue of tasks that run one after the other. Parts of a node share
 * no state; they hand over values on lanes. Touches {@code model} and the lanes of {@code host}.
 *
 * <p>Start reading at {@code Inbox}.
 */
@NullMarked
package io.balsa.lanes;

import org.jspecify.annotations.NullMarked;
