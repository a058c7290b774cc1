/**
 * Answers in etcdctl's forms: simple, json, fields, table and protobuf. Keys and values are bytes
 * and stay the bytes they are.
 *
 * <p>Start reading at {@link io.balsa.forms.Lines}.
 */
@NullMarked
package io.balsa.forms;

import org.jspecify.annotations.NullMarked;
