/// Arrays in files: safetensors, GGUF, NumPy's npy, and npz archives.
///
/// A file is checked before anything is read from it: one that is cut short, or whose header contradicts itself, is a
/// [org.lazuli.io.TensorFileException] that names the file, what is wrong and what to do, and never an allocation larger
/// than the file. Loading reads the header; the data of an array is read when it is first needed, so that a model
/// of which a part is used costs that part. The file stays open until then, so that it can be replaced at any time. Writing is all or nothing: the data goes to a temporary file in the same directory, which takes the
/// place of the old one when it is complete.
///
/// ```java
/// Safetensors.save(Path.of("model.safetensors"), Map.of("weight", weight, "bias", bias));
/// Array weight = Safetensors.load(Path.of("model.safetensors")).arrays().get("weight");
/// ```
@NullMarked
package org.lazuli.io;

import org.jspecify.annotations.NullMarked;
