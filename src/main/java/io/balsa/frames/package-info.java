/**
 * The frames of an HTTP/2 connection as they come from the socket: what of them is unfinished, and
 * how fast a connection may be read whose client resets many calls.
 *
 * <p>The one idea: only the bytes are followed, beside Netty, which decodes the frames after this.
 * The room knows neither calls nor channels, and its callers give it the time.
 *
 * <p>Start reading at {@link io.balsa.frames.Http2Frames}.
 */
@NullMarked
package io.balsa.frames;

import org.jspecify.annotations.NullMarked;
