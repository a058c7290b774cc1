/** Tests of what the service manager is told, with a real socket. */
@NullMarked
package io.balsa.systemd;

import org.jspecify.annotations.NullMarked;
