@NullMarked
package io.balsa.audit;

import org.jspecify.annotations.NullMarked;
