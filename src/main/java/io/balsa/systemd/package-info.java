/**
 * What the program tells the service manager that started it: ready, stopping, status, and the
 * proof that it works (sd_notify(3)).
 *
 * <p>The one idea: a program under systemd is as ready, and as alive, as it can prove. Without the
 * variable {@code NOTIFY_SOCKET} nothing happens. The room calls libc directly, because the JDK has
 * no datagram sockets for local addresses.
 *
 * <p>Start reading at {@link io.balsa.systemd.Supervisor}.
 */
@NullMarked
package io.balsa.systemd;

import org.jspecify.annotations.NullMarked;
