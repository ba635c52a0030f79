/**
 * Auto-configuration of reactive-sqlite for Spring Boot: databases from properties, opened with the
 * context and closed with it.
 */
@NullMarked
package io.github.reactivesqlite.spring.boot;

import org.jspecify.annotations.NullMarked;
