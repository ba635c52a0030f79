package io.github.reactivesqlite.demo.scan;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file of the folder, not yet opened.
 *
 * @param file where it lies
 * @param attributes what the folder says about it
 */
record FoundFile(Path file, BasicFileAttributes attributes) {}
