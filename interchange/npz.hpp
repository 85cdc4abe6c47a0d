#pragma once

// NumPy's .npz files: zip archives of named arrays.

#include <map>
#include <string>

#include "interchange/npy.hpp"

namespace eyrie {

using NumpyArrays = std::map<std::string, NumpyArray>;  ///< by name, without `.npy`

/// Reads an archive, stored or deflated. InputError: no zip, an entry that is no array (as read_npy says), encrypted,
/// damaged, twice there, or larger than 2 GiB.
NumpyArrays read_npz_file(const std::string& path);

/// Writes one, whole or not at all. Entries are stored as they are, in the order of their names and without times, so
/// that the same arrays are the same bytes.
void write_npz_file(const std::string& path, const NumpyArrays&);

}  // namespace eyrie
