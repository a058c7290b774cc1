/**
 * Writes on their way into the log: proposals, their answers, and the queue of heavy transactions.
 *
 * <p>The one idea: a proposal belongs to one term. Once an entry of a later term has applied, a
 * missing proposal never will be, and is proposed again. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code Proposals}.
 */
@NullMarked
package io.balsa.node.writes;

import org.jspecify.annotations.NullMarked;
