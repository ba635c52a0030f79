/**
 * Hostile callers: SQL, names, files and values that are made to do harm. docs/security.md says
 * what is prevented and names these tests.
 */
@NullMarked
package io.github.reactivesqlite.reliability.security;

import org.jspecify.annotations.NullMarked;
