package io.github.reactivesqlite.spring.boot;

/**
 * The file of a database is there, as the library makes and accepts it: a bean that is made before
 * others, such as Flyway, get at the file, and only where there are any.
 *
 * @param database the name of the database
 */
record PreparedFile(String database) {}
