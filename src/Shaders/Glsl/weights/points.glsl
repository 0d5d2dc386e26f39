// The codebook of the type: points of 16 bits, in shared memory, two in a word.
#define HAS_TABLES
shared uint points[POINTS / 2];

void init_tables() {
    const uint invocations = gl_WorkGroupSize.x * gl_WorkGroupSize.y * gl_WorkGroupSize.z;
    for (uint i = gl_LocalInvocationIndex; i < POINTS / 2; i += invocations) points[i] = packed_points[i];
    barrier();
}

uint point(uint entry) { return points[entry >> 1] >> (entry & 1u) * 16; }
