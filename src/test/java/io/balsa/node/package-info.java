@NullMarked
package io.balsa.node;

import org.jspecify.annotations.NullMarked;
