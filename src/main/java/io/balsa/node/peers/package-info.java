/**
 * The links to other members: which links are accepted, which link carries which message, what is
 * refused.
 *
 * <p>The one idea: a server sends only on links that it opened itself, and accepts only members
 * that confirm their greeting. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code Peers}.
 */
@NullMarked
package io.balsa.node.peers;

import org.jspecify.annotations.NullMarked;
