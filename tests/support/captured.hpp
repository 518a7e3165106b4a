// A command run within the test: its exit code and what it wrote.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace plumb::support {

struct Captured {
  int code = 0;
  std::string out, err;
};

template <class Command>
Captured captured(Command command) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Captured result;
  result.code = command();
  result.out = testing::internal::GetCapturedStdout();
  result.err = testing::internal::GetCapturedStderr();
  return result;
}

}  // namespace plumb::support
