// Weights of every tensor type, as src/Runtime/Formats decodes them, bit for bit. One definition TYPE_<NAME>, such as TYPE_Q4_0, chooses the type. Included
// after addresses.glsl and the layout of the workgroup, whose size init_tables uses. Gives:
//   const uint BLOCK, BLOCK_BYTES              elements and bytes of a block
//   void init_tables()                         to be called by all invocations of a workgroup, before the first weight is decoded
//   void decode8(row, element, out values[8])  eight weights of the row at an address; element is a multiple of 8
//   float decode1(row, element)                one weight
// All types have blocks of whole eights but F32, F16 and BF16: decode8 may be asked for eights within the row only, decode1 gives what is left.
// A row of F32 or of blocks of a multiple of 4 bytes begins at a multiple of 4, of MXFP4 anywhere, of other types at a multiple of 2.
// Codebooks are in shared memory, at most 4 KiB: constant arrays that each invocation indexes are slow, or copied to scratch memory, on many drivers.
#ifndef WEIGHTS_GLSL
#define WEIGHTS_GLSL

#if defined TYPE_MXFP4
#define WEIGHTS_ALIGNMENT 1
#elif defined TYPE_F32 || defined TYPE_Q4_1 || defined TYPE_Q5_1 || defined TYPE_Q2_K || defined TYPE_Q4_K || defined TYPE_Q5_K
#define WEIGHTS_ALIGNMENT 4
#elif defined TYPE_IQ1_M || defined TYPE_IQ4_XS || defined TYPE_NVFP4
#define WEIGHTS_ALIGNMENT 4
#else
#define WEIGHTS_ALIGNMENT 2
#endif

#include "weights/loads.glsl"
#include "weights/numbers.glsl"

#if defined TYPE_F32 || defined TYPE_F16 || defined TYPE_BF16
#include "weights/floats.glsl"
#elif defined TYPE_Q4_0 || defined TYPE_Q4_1 || defined TYPE_Q5_0 || defined TYPE_Q5_1 || defined TYPE_Q8_0
#include "weights/blocks32.glsl"
#elif defined TYPE_Q2_K || defined TYPE_Q3_K || defined TYPE_Q4_K || defined TYPE_Q5_K || defined TYPE_Q6_K
#include "weights/k_quants.glsl"
#elif defined TYPE_IQ1_S || defined TYPE_IQ1_M
#include "weights/codebooks_ternary.glsl"
#elif defined TYPE_IQ2_XXS || defined TYPE_IQ2_XS || defined TYPE_IQ2_S
#include "weights/codebooks_eights.glsl"
#elif defined TYPE_IQ3_XXS || defined TYPE_IQ3_S
#include "weights/codebooks_fours.glsl"
#elif defined TYPE_IQ4_NL || defined TYPE_IQ4_XS
#include "weights/nonlinear.glsl"
#elif defined TYPE_MXFP4 || defined TYPE_NVFP4
#include "weights/small_floats.glsl"
#elif defined TYPE_Q1_0 || defined TYPE_Q2_0 || defined TYPE_TQ1_0 || defined TYPE_TQ2_0
#include "weights/few_bits.glsl"
#else
#error "Define TYPE_<NAME>, the tensor type."
#endif

#ifndef HAS_TABLES
void init_tables() { }
#endif

#ifndef HAS_DECODE1
float decode1(uint64_t row, uint element) {
    float values[8];
    decode8(row, element & ~7u, values);
    return values[element & 7u];
}
#endif

#endif
