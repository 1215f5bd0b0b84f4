/**
 * Reading, checking, resolving, printing, comparing and documenting configs. The schema ({@code
 * tfjavantk/v1/run.proto}) is the only place that knows fields, defaults and limits; the code here
 * walks its descriptors.
 */
package org.tfjavantk.config;
