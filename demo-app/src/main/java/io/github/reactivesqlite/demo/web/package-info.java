/** What the library looks like over HTTP. */
@NullMarked
package io.github.reactivesqlite.demo.web;

import org.jspecify.annotations.NullMarked;
