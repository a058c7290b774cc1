@NullMarked
package io.balsa.login;

import org.jspecify.annotations.NullMarked;
