/**
 * The routing proxy: one address for a cluster. Writes go to the leader, reads to the followers,
 * streams to the leader, all of them as the bytes that came.
 *
 * <p>The one idea: a request is a {@link io.balsa.proxy.ProxiedCall} that carries its bytes from
 * server to server until one answers or nothing more may be tried; where to is {@code routing}'s to
 * say, who leads is {@code client}'s to know. While nobody leads, passages wait, bounded in number,
 * bytes and time. Nothing is cached, and nothing that may have been done is done twice.
 *
 * <p>Start reading at {@link io.balsa.proxy.Proxy}, the door, then {@code Router}.
 */
@NullMarked
package io.balsa.proxy;

import org.jspecify.annotations.NullMarked;
