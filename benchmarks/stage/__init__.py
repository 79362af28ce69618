"""The stage of the benchmarks: throwaway databases, a crowd to fill them, and the meters."""
