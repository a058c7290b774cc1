/**
 * The watch lane of a server: it drives the watch hub and hands the past to a read lane.
 *
 * <p>The one idea: everything that a watch stream gets is sent by one lane, so that its order is
 * the order of the log. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code Watches}.
 */
@NullMarked
package io.balsa.node.watches;

import org.jspecify.annotations.NullMarked;
