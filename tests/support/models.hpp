#pragma once

// Trained models that tests may find in a folder (CMake's EYRIE_TEST_MODELS); they are no part of the repository.

#include <optional>
#include <string>
#include <vector>

namespace eyrie::test {

/// The path of a file in the folder; none, after a warning that the test is skipped, where there is no such file.
std::optional<std::string> model_file(const std::string& name);
/// All bytes of a file.
std::vector<std::byte> file_bytes(const std::string& path);
/// Pixels of a digit, 28 x 28 in grey, 0 to 255, row by row.
std::vector<int> grey_pixels(const std::string& path);

}  // namespace eyrie::test
