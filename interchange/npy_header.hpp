#pragma once

// The text in an .npy file that says what follows: a dictionary as Python writes it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eyrie {

struct NpyHeader {
  std::string type;  ///< of a number, with the order of its bytes: "<f4"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`; `name` stands in the place of what is wrong.
NpyHeader read_npy_header(std::string_view text, const std::string& name);
std::string npy_header_text(const NpyHeader&);

}  // namespace eyrie
