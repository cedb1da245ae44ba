/**
 * Files that datasets are made of: downloads with checksums, archives, folders of images, their decoding, and a cache of what was decoded.
 *
 * <p>Nothing here knows what a dataset is. All that comes from outside is checked: lengths, checksums, entries of archives, headers of images.
 *
 * <pre>
 *   Download --> Archive --> CacheFolder
 *   FolderListing --> FolderDecoding (ImageDecoder, on all cores) --> PixelCache: one mapped file
 *   ImageDecoder --> ResizedCrop, Resampling: the part of a photograph that a network sees
 * </pre>
 */
package org.espalier.data.files;
