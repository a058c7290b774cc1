/**
 * The routing proxy: one address for a cluster. It sends writes to the leader, reads and watches to
 * the followers, and other streams to the leader. It forwards messages as bytes.
 *
 * <p>The one idea: a {@link io.balsa.proxy.ProxiedCall} keeps the bytes of a request and sends them
 * to one server after the other, until a server answers or the rules forbid another try. The room
 * {@code routing} chooses the servers, {@code client} finds the leader. While no leader is known,
 * calls wait; their number, bytes and time are limited. The proxy caches nothing, and it never lets
 * a write be performed twice.
 *
 * <p>Start reading at {@link io.balsa.proxy.Proxy}, then {@code Router}.
 */
@NullMarked
package io.balsa.proxy;

import org.jspecify.annotations.NullMarked;
